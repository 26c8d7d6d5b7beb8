import type { TourMeeting } from '../../../src/discord/tour-map/pictures.ts';

type Place = Pick<TourMeeting, 'city' | 'country' | 'coordinates' | 'ja'>;

const TOKYO: Place = {
  city: 'Tokyo',
  ja: { city: '東京' },
  country: 'Japan',
  coordinates: [35.68, 139.69],
};
const WARSAW: Place = {
  city: 'Warsaw',
  ja: { city: 'ワルシャワ' },
  country: 'Poland',
  coordinates: [52.23, 21.01],
};
const BUCHA: Place = {
  city: 'Bucha',
  ja: { city: 'ブチャ' },
  country: 'Ukraine',
  coordinates: [50.54, 30.21],
};
const IRPIN: Place = {
  city: 'Irpin',
  ja: { city: 'イルピン' },
  country: 'Ukraine',
  coordinates: [50.52, 30.25],
};
const KYIV: Place = {
  city: 'Kyiv',
  ja: { city: 'キーウ' },
  country: 'Ukraine',
  coordinates: [50.45, 30.52],
};
const HELSINKI: Place = {
  city: 'Helsinki',
  ja: { city: 'ヘルシンキ' },
  country: 'Finland',
  coordinates: [60.17, 24.94],
};
const STOCKHOLM: Place = {
  city: 'Stockholm',
  ja: { city: 'ストックホルム' },
  country: 'Sweden',
  coordinates: [59.33, 18.07],
};
const HAGUE: Place = {
  city: 'The Hague',
  ja: { city: 'ハーグ' },
  country: 'Netherlands',
  coordinates: [52.07, 4.3],
};
const WASHINGTON: Place = {
  city: 'Washington D.C.',
  ja: { city: 'ワシントンD.C.' },
  country: 'United States',
  coordinates: [38.91, -77.04],
};
const MONTREAL: Place = {
  city: 'Montréal',
  ja: { city: 'モントリオール' },
  country: 'Canada',
  coordinates: [45.5, -73.57],
};
const HAMBURG: Place = {
  city: 'Hamburg',
  ja: { city: 'ハンブルク' },
  country: 'Germany',
  coordinates: [53.55, 9.99],
};
const ANKARA: Place = {
  city: 'Ankara',
  ja: { city: 'アンカラ' },
  country: 'Türkiye',
  coordinates: [39.93, 32.86],
};

/** Where, on which day of January, how many meetings. */
const ITINERARY: readonly (readonly [Place, number | null, number])[] = [
  [TOKYO, 5, 2],
  [WARSAW, 6, 2],
  [BUCHA, 7, 1],
  [IRPIN, 7, 1],
  [KYIV, 7, 8],
  [WARSAW, 8, 3],
  [WARSAW, null, 1],
  [HELSINKI, 9, 2],
  [STOCKHOLM, 9, 1],
  [STOCKHOLM, 10, 2],
  [HAGUE, 11, 5],
  [WASHINGTON, 12, 5],
  [MONTREAL, 13, 1],
  [HAMBURG, 14, 1],
  [HAMBURG, 15, 1],
  [ANKARA, 16, 4],
  [ANKARA, 17, 1],
  [TOKYO, 18, 1],
];

/** A tour of the shape of the real one, which stays as it is when the documents change. */
export const TOUR: readonly TourMeeting[] = ITINERARY.flatMap(([place, day, count]) =>
  Array.from({ length: count }, () => ({ place, day })),
).map(({ place, day }, index) =>
  meetingAt(index + 1, place, day === null ? null : `2024-01-${String(day).padStart(2, '0')}`),
);

/** A meeting of which only the place and the date matter. */
export function meetingAt(order: number, place: Place, date: string | null): TourMeeting {
  return {
    id: `meeting-${order}`,
    title: `Meeting ${order}`,
    order,
    date,
    localStart: null,
    durationMinutes: null,
    ...place,
    venue: null,
    people: [],
    topics: [],
    sources: [],
  };
}
