import { describe, expect, it } from 'vitest';
import { continentOf, worldPlaces } from '../../src/language/places.ts';

const places = worldPlaces();
/** Places with a phrase, the surest first. */
const named = (phrase: string): string[] =>
  places
    .filter(({ phrases }) => phrases.includes(phrase))
    .map(({ name, kind, countries }) => `${kind} ${name} ${countries.join(' ')}`.trim());

describe('worldPlaces', () => {
  it.each([
    ['Holland', 'country Netherlands =nl'],
    ['Finnish', 'country Finland =fi'],
    ['America', 'country United States =us'],
    ['Ottawa', 'city Ottawa =ca'],
    ['Istanbul', 'city Istanbul'],
    ['Odessa', 'city Odesa'],
    ['オランダ', 'country Netherlands =nl'],
    ['米国', 'country United States =us'],
    ['Nordics', 'region Nordics =fi =se =no =dk =is'],
    ['Benelux', 'region Benelux =be =nl =lu'],
  ])('knows %s', (phrase, expected) => {
    expect(named(phrase)[0]).toBe(expected);
  });

  it('knows regions by all their countries', () => {
    const europe = places.find(({ name }) => name === 'Europe');
    expect(europe?.countries).toEqual(expect.arrayContaining(['=fr', '=ua', '=se']));
    expect(europe?.phrases).toContain('欧州');
    expect(continentOf('=ke')).toBe('Africa');
    expect(continentOf('=zz')).toBeNull();
  });

  it('takes no common word for a city', () => {
    expect(named('Resolute')).toEqual([]);
  });
});
