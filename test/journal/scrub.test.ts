import { expect, it } from 'vitest';
import { scrubbed } from '../../src/journal/scrub.ts';

it.each([
  [
    'ask <@123456789012345678>, <@!1> and <@&99> in <#42>',
    'ask [name], [name] and [name] in [name]',
  ],
  ['@someone said so', '[name] said so'],
  ['write to jo.doe+x@mail.example.org.', 'write to [mail].'],
  ['call 03-1234-5678 or (212) 555-0123 or 555-0123', 'call [number] or [number] or [number]'],
  ['+49 171 1234567', '[number]'],
  ['06 12 34 56 78', '[number]'],
  ['電話は０３－１２３４－５６７８です', '電話は０３－１２３４－５６７８です'],
  ['電話は ０３-１２３４-５６７８ まで', '電話は [number] まで'],
])('takes out what tells who somebody is: %s', (text, clean) => {
  expect(scrubbed(text)).toBe(clean);
});

it.each([
  'from 2024-01-05 to 2024-01-18',
  'on 12/01/2024 at 13:45',
  'between 2023-2024 and 2030',
  '37 000 000 or 1.000.000.000 euros',
  'resolution 2722, 45 minutes, 27 states',
  'a price @ 5',
])('leaves dates, amounts and other figures: %s', (text) => {
  expect(scrubbed(text)).toBe(text);
});
