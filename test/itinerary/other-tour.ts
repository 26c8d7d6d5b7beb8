import type { Meeting, Person } from '../../src/corpus/types.ts';

/** An invented tour of another delegation, by a man, with the same front matter as the corpus and none of its names. */
const TRAVELLER: Person = {
  name: 'Tomasi Raikuna',
  title: 'Prime Minister',
  organisation: 'Government of Fiji',
  otherSpellings: ['Raikuna Tomasi'],
};

interface Row {
  readonly id: string;
  readonly title: string;
  readonly date: string | null;
  readonly start?: string;
  readonly minutes?: number;
  readonly place: readonly [city: string, country: string];
  readonly venue?: string;
  readonly people?: readonly (readonly [name: string, title: string, organisation: string])[];
}

const ROWS: readonly Row[] = [
  {
    id: 'take-off',
    title: 'Departure of Prime Minister Raikuna from Suva',
    date: '2031-05-28',
    start: 'evening',
    place: ['Suva', 'Fiji'],
  },
  {
    id: 'barros',
    title: 'Talks with Prime Minister Inês Barros in Lisbon',
    date: '2031-05-30',
    start: '10:00',
    minutes: 55,
    place: ['Lisbon', 'Portugal'],
    venue: 'São Bento Palace',
    people: [['Inês Barros', 'Prime Minister', 'Government of Portugal']],
  },
  {
    id: 'fishers',
    title: 'Visit to the fishing port with fishing families in Sesimbra',
    date: '2031-05-30',
    start: 'afternoon',
    place: ['Sesimbra', 'Portugal'],
  },
  {
    id: 'ocean-lecture',
    title: 'Lecture on the ocean at the University of Coimbra',
    date: '2031-05-31',
    place: ['Coimbra', 'Portugal'],
    venue: 'University of Coimbra',
    people: [['Duarte Lemos', 'Rector', 'University of Coimbra']],
  },
  {
    id: 'ocean-press',
    title: 'Press conference in Coimbra',
    date: '2031-05-31',
    place: ['Coimbra', 'Portugal'],
  },
  {
    id: 'queen',
    title: 'Audience with Queen Estefanía in Madrid',
    date: '2031-06-01',
    start: '11:00',
    minutes: 25,
    place: ['Madrid', 'Spain'],
    people: [['Estefanía', 'Queen', 'Kingdom of Spain']],
  },
  {
    id: 'ibarra',
    title: 'Working lunch with Foreign Minister Leire Ibarra in Madrid',
    date: '2031-06-01',
    start: '12:30',
    minutes: 95,
    place: ['Madrid', 'Spain'],
    people: [['Leire Ibarra', 'Minister of Foreign Affairs', 'Government of Spain']],
  },
  {
    id: 'benjelloun',
    title: 'Meeting with Foreign Minister Salma Benjelloun in Rabat',
    date: '2031-06-03',
    start: '09:15',
    minutes: 60,
    place: ['Rabat', 'Morocco'],
    people: [['Salma Benjelloun', 'Minister of Foreign Affairs', 'Government of Morocco']],
  },
  {
    id: 'cooperative',
    title: 'Talks with women of an argan-oil cooperative in Morocco',
    date: null,
    place: ['Rabat', 'Morocco'],
  },
  {
    id: 'benjelloun-dinner',
    title: 'Dinner with Foreign Minister Salma Benjelloun in Casablanca',
    date: '2031-06-03',
    start: '19:00',
    minutes: 130,
    place: ['Casablanca', 'Morocco'],
    people: [['Salma Benjelloun', 'Minister of Foreign Affairs', 'Government of Morocco']],
  },
  {
    id: 'quispe',
    title: 'Courtesy call on President Ramiro Quispe in Lima',
    date: '2031-06-06',
    start: '16:00',
    minutes: 40,
    place: ['Lima', 'Peru'],
    people: [['Ramiro Quispe', 'President', 'Republic of Peru']],
  },
  {
    id: 'farewell-press',
    title: 'Press conference at the end of the tour in Lima',
    date: '2031-06-07',
    start: '10:00',
    minutes: 30,
    place: ['Lima', 'Peru'],
  },
  {
    id: 'landing',
    title: 'Return of Prime Minister Raikuna to Suva',
    date: '2031-06-09',
    place: ['Suva', 'Fiji'],
  },
];

export const OTHER_TOUR: readonly Meeting[] = ROWS.map(
  ({ id, title, date, start, minutes, place: [city, country], venue, people = [] }, i) => ({
    id,
    title,
    order: i + 1,
    date,
    localStart: start ?? null,
    durationMinutes: minutes ?? null,
    city,
    country,
    coordinates: [0, 0],
    venue: venue ?? null,
    people: [
      TRAVELLER,
      ...people.map(([name, office, organisation]): Person => ({
        name,
        title: office,
        organisation,
        otherSpellings: [],
      })),
    ],
    topics: [],
    sources: [],
  }),
);
