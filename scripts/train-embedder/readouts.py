"""
Made-up readouts of meetings and questions about them, from the wordings of `readouts.txt`.

Every passage of a visit names the same people and places, so that only the kind of fact asked for tells the right one
from its neighbours: that is what questions about a real tour have to find out, and what no other text here teaches.
"""

import re
from pathlib import Path

import numpy as np

_CHOICE = re.compile(r'\(([^()|]*(?:\|[^()|]*)+)\)')
_SLOT = re.compile(r'\{(.|\$)\}')

_MONTHS = 'January February March April May June July August September October November December'.split()
_TOPICS = (
    'trade|economic security|climate change|nuclear disarmament|the Middle East|maritime security|the rule of law|cyber security|energy|'
    'reconstruction|demining|education|health care|science and technology|gender equality|Women, Peace and Security|the Arctic|space|'
    'defence equipment|security cooperation|intelligence sharing|investment|supply chains|semiconductors|agriculture|food security|'
    'humanitarian aid|refugees|human rights|nuclear safety|air defence|drones|sanctions|North Korea|Taiwan|Gaza|the Red Sea|Ukraine|'
    'disinformation|start-ups|tourism|youth exchange|culture|infrastructure|digital transformation|critical minerals|development aid|'
    'disaster relief|fisheries|ocean law|Security Council reform|the Indo-Pacific|deterrence|missile defence|the peace formula'
).split('|')
_ORGANISATIONS = (
    'UNICEF|UNDP|the World Bank|NATO|the European Union|the Red Cross|the International Court of Justice|the International Criminal Court|'
    'the United Nations|UNHCR|the World Food Programme|the national university|the women\'s association|the chamber of commerce|'
    'the central bank|the parliament|the friendship group|the OECD|the African Union|ASEAN|the business federation|the tribunal|the museum'
).split('|')
_OFFICES = ['Foreign Minister', 'Minister for Foreign Affairs', 'Prime Minister', 'President', 'Defence Minister', 'Energy Minister', 'Speaker', 'Ambassador', 'Secretary of State', 'Professor', 'Mayor']


def read():
    """[(passage wordings, question wordings), ...], one for each kind of fact."""
    kinds = []
    for line in Path(__file__).with_name('readouts.txt').read_text(encoding='utf-8').splitlines():
        if line.startswith('== '):
            kinds.append(([], []))
        elif line.startswith(('= ', '? ')):
            kinds[-1][line[0] == '?'].append(line[2:])
    return kinds


class Readouts:
    """Draws visits. `countries` are [country, capital, demonym...]; `names` our list of people; `rare` words serve as names."""

    def __init__(self, countries, names, rare, rng):
        self._kinds = read()
        self._countries = [c for c in countries if len(c) > 1]
        self._people = [name.split()[-1] for name, _, office in names if re.search('[Mm]inister|President|Secretary', office)]
        self._rare = rare
        self._rng = rng

    def _one(self, values):
        return values[self._rng.integers(len(values))]

    def _person(self):
        surname = self._one(self._people if self._rng.random() < 0.5 else self._rare).title()
        return f'{self._one(_OFFICES)} {surname}', surname

    def _expand(self, wording, visit):
        wording = _CHOICE.sub(lambda found: self._one(found[1].split('|')), wording)
        return _SLOT.sub(lambda found: visit(found[1]), wording)

    def _visit(self):
        rng = self._rng
        visitor, host = self._person(), self._person()
        home, country = self._one(self._countries), self._one(self._countries)

        def mention(person, asked, role):
            full, surname = person
            if not asked:
                return full if rng.random() < 0.5 else surname
            draw = rng.random()
            return surname.lower() if draw < 0.5 else role if draw < 0.8 else full

        def slot(asked):
            def value(kind):
                if kind == 'A':
                    return mention(visitor, asked, self._one(['she', 'he', 'the minister', 'they']))
                if kind == 'B':
                    return mention(host, asked, f'the {country[-1]} {self._one(["minister", "leader", "side", "foreign minister", "host"])}')
                if kind in 'CX':
                    return country[0] if kind == 'C' else country[1] if rng.random() < 0.9 else country[0]
                if kind == 'Y':
                    return self._one(home)
                if kind == 'U':
                    return self._one(self._one(self._countries))
                if kind == 'P':
                    return self._person()[asked]
                if kind == 'T':
                    return self._one(_TOPICS)
                if kind == 'O':
                    return self._one(_ORGANISATIONS)
                if kind == 'd':
                    return f'{self._one(_MONTHS)} {rng.integers(1, 31)}'
                if kind == 't':
                    return f'{rng.integers(8, 22)}:{rng.integers(0, 12) * 5:02d}'
                if kind == 'm':
                    return str(rng.integers(3, 19) * 5)
                if kind == 'n':
                    return self._one(['two', 'three', 'five', 'seven', 'ten', str(rng.integers(4, 60))])
                if kind == 'N':
                    return self._one([str(rng.integers(20, 900)), f'{rng.integers(2, 90)},000', f'{rng.integers(2, 9)} million'])
                if kind == '$':
                    return f'{rng.integers(2, 900)} {self._one(["million", "billion"])} {self._one(["dollars", "yen", "euros"])}'
                return str(rng.integers(1960, 2031))

            return value

        return slot, visitor, host, country

    def draw(self, visits, facts):
        """[(question, passage, number of the passage)]: `facts` passages on different facts of each of `visits` visits."""
        rng, out = self._rng, []
        for _ in range(visits):
            slot, visitor, host, country = self._visit()
            header = f'{visitor[0]} meets {host[0]} in {country[1]}. '
            for kind in rng.choice(len(self._kinds), facts, replace=False):
                said, asked = self._kinds[kind]
                question = self._expand(self._one(asked), slot(True))
                # A question that does not say whom it means would fit every visit of the batch.
                if host[1].lower() not in question and country[1] not in question and country[0] not in question:
                    question += f' {self._one([host[1].lower(), country[1], country[0]])}'
                passage = ' '.join(self._expand(w, slot(False)) for w in rng.permutation(said)[: rng.integers(1, 3)])
                out.append((question, (header if rng.random() < 0.7 else '') + passage))
        return out
