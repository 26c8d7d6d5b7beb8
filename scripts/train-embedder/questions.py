"""
Questions made from sentences by rule: the answer is cut out and a question word put in front. They teach the table
what kind of thing "when", "how much" or "who" looks for, which no other text of ours does in this domain.
"""

import re

_MONTH = '(?:January|February|March|April|May|June|July|August|September|October|November|December)'
_COUNT = r'(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundreds|thousands)'
_NAME = r'[A-Z][\w’\'-]+(?: (?:de|van|von|al|bin|[A-Z][\w’\'.-]+))*'
_OFFICE = (
    '(?:President|Prime Minister|Foreign Minister|Minister|Secretary-General|Secretary|Ambassador|Chancellor|King|Queen|'
    'Mr\\.|Mrs\\.|Ms\\.|Sir|Dr\\.|General|Senator|Justice|Judge|Pope)'
)

# Kind of answer, what it looks like, ways to ask. The first kind whose pattern is found is a candidate; one is drawn.
_KINDS = [
    (
        re.compile(rf'\b(?:on|in|since|by|until|from)? ?(?:\d{{1,2}} {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:,? \d{{4}})?|{_MONTH} \d{{4}})'),
        ['when', 'when', 'what date', 'on which day', 'what day', 'when was it that'],
    ),
    (re.compile(r'\b(?:in|since|by|until|from) (?:1[6-9]|20)\d\d\b'), ['when', 'in what year', 'which year', 'when was']),
    (
        re.compile(rf'\b(?:about |around |some |nearly |for )?{_COUNT} (?:minutes?|hours?|days?|weeks?|months?|years?|decades?)\b'),
        ['how long', 'how long', 'for how long', 'how much time', 'how many'],
    ),
    (
        re.compile(
            r'(?:US\$|\$|€|£) ?[\d.,]+(?: (?:million|billion|trillion))?|\b[\d.,]+ (?:(?:million|billion|trillion) )?'
            r'(?:U\.?S\.? )?(?:dollars|euros?|yen|pounds)\b'
        ),
        ['how much', 'how much money', 'what sum', 'what amount', 'how much did it cost', 'how many dollars'],
    ),
    (re.compile(r'\b[\d.,]+ ?(?:per cent|percent|%)'), ['how much', 'what percentage', 'what share', 'by how much']),
    (re.compile(rf'\b(?:about |around |some |nearly |more than |over )?{_COUNT}(?: (?:million|billion|thousand|hundred))?(?= [a-z])'), ['how many', 'how many', 'what number of']),
    (re.compile(rf'{_OFFICE} {_NAME}'), ['who', 'who', 'whom', 'which person', 'which politician', 'which leader']),
    (re.compile(rf'(?<=\bin ){_NAME}|(?<=\bat ){_NAME}|(?<=\bto ){_NAME}'), ['where', 'where', 'in which place', 'in which country', 'which city', 'which country']),
    (re.compile(rf'(?<=[a-z,] )(?:the )?{_NAME}(?: {_NAME})*'), ['what', 'which', 'who', 'what', 'which country', 'which organisation']),
]


def question(sentence, rng):
    """A question that the sentence answers, or None."""
    found = []
    for kind, (pattern, _) in enumerate(_KINDS):
        match = pattern.search(sentence)
        if match and match.end() > match.start():
            found.append((kind, match))
    if not found:
        return None
    # Rare kinds first: every sentence has a name, few have a sum of money.
    kind, match = found[0] if rng.random() < 0.6 else found[rng.integers(len(found))]
    asked = _KINDS[kind][1]
    rest = sentence[: match.start()] + ' ' + sentence[match.end() :]
    return f'{asked[rng.integers(len(asked))]} {rest} ?'
