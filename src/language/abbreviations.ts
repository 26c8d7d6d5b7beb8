/** Short forms of diplomatic news, and the words that they stand for. */
export const ABBREVIATIONS: readonly (readonly [short: string, full: string])[] = [
  ['UN', 'United Nations'],
  ['UNSC', 'United Nations Security Council'],
  ['EU', 'European Union'],
  ['PM', 'Prime Minister'],
  ['FM', 'Foreign Minister'],
  ['MOFA', 'Ministry of Foreign Affairs'],
  ['MFA', 'Ministry of Foreign Affairs'],
  ['ICC', 'International Criminal Court'],
  ['ICJ', 'International Court of Justice'],
  ['World Court', 'International Court of Justice'],
  ['ITLOS', 'International Tribunal for the Law of the Sea'],
];
