import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../tools/local-discord/api-error.ts';
import type { JsonObject } from '../../../tools/local-discord/json.ts';
import { checkDeferFlags, draftMessage } from '../../../tools/local-discord/message-form.ts';
import { checkModal } from '../../../tools/local-discord/modal-form.ts';
import { Form } from '../../../tools/local-discord/form.ts';
import type { Draft } from '../../../tools/local-discord/message.ts';

const V2 = 1 << 15;

function draft(body: JsonObject): Draft {
  return draftMessage(body, {
    path: [],
    uploads: [],
    before: null,
    newId: () => '1',
    baseUrl: 'http://local',
  });
}

function refused(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof ApiError) return JSON.stringify(error.body);
    throw error;
  }
  return 'accepted';
}

const v2 = (...components: JsonObject[]): JsonObject => ({ flags: V2, components });
const text = (length: number): JsonObject => ({ type: 10, content: 'x'.repeat(length) });
const link = (url = 'https://a.b'): JsonObject => ({ type: 2, style: 5, label: 'l', url });
const button = (id: string, fields: JsonObject = {}): JsonObject => ({
  type: 2,
  style: 1,
  label: 'l',
  custom_id: id,
  ...fields,
});
const row = (...components: JsonObject[]): JsonObject => ({ type: 1, components });
const fill = (count: number, make: (index: number) => JsonObject): JsonObject[] =>
  Array.from({ length: count }, (_, index) => make(index));
const select = (options: JsonObject[], fields: JsonObject = {}): JsonObject =>
  row({ type: 3, custom_id: 's', options, ...fields });
const choice = (index: number): JsonObject => ({ label: `l${index}`, value: `v${index}` });
const gallery = (count: number, fields: JsonObject = {}): JsonObject => ({
  type: 12,
  items: fill(count, () => ({ media: { url: 'https://a.b/c.png' }, ...fields })),
});
const section = (texts: number): JsonObject => ({
  type: 9,
  components: fill(texts, () => text(1)),
  accessory: link(),
});
const container = (...components: JsonObject[]): JsonObject => ({ type: 17, components });

const buttonRow = (count: number): JsonObject =>
  row(...fill(count, (index) => button(`b${index}`)));

describe('a message', () => {
  it.each<[string, JsonObject]>([
    ['content of 2000', { content: 'x'.repeat(2_000) }],
    ['forty components', v2(container(...fill(39, () => text(1))))],
    ['4000 characters', v2(text(2_500), text(1_500))],
    ['three texts in a section', v2(section(3))],
    ['ten pictures', v2(gallery(10, { description: 'x'.repeat(1_024) }))],
    ['five buttons', v2(buttonRow(5))],
    [
      'a label of 80 and a custom id of 100',
      v2(row(button('i'.repeat(100), { label: 'x'.repeat(80) }))),
    ],
    ['25 options', v2(select(fill(25, choice), { placeholder: 'x'.repeat(150) }))],
    [
      'an embed of 6000',
      { embeds: [{ description: 'x'.repeat(4_096), footer: { text: 'x'.repeat(1_904) } }] },
    ],
    ['empty content next to components', { ...v2(text(1)), content: '', embeds: [] }],
  ])('may have %s', (_what, body) => {
    expect(refused(() => draft(body))).toBe('accepted');
  });

  it.each<[string, JsonObject, string]>([
    ['nothing', {}, '50006'],
    ['blank content', { content: ' \n ' }, '50006'],
    [
      'content of 2001',
      { content: 'x'.repeat(2_001) },
      '"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"',
    ],
    [
      'content next to Components V2',
      { ...v2(text(1)), content: 'x' },
      'LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    ['embeds next to Components V2', { ...v2(text(1)), embeds: [{ title: 'x' }] }, 'LEGACY_FIELDS'],
    ['a text display without the flag', { components: [text(1)] }, 'UNION_TYPE_CHOICES'],
    [
      '41 components',
      v2(container(...fill(40, () => text(1)))),
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
    ],
    [
      '4001 characters in all',
      v2(text(2_500), container(text(1_501))),
      'DISPLAYABLE_TEXT_SIZE_EXCEEDED',
    ],
    ['an empty text display', v2(text(0)), 'BASE_TYPE_REQUIRED'],
    ['four texts in a section', v2(section(4)), 'BASE_TYPE_BAD_LENGTH'],
    [
      'a section without accessory',
      v2({ type: 9, components: [text(1)] }),
      '"accessory":{"_errors"',
    ],
    ['eleven pictures', v2(gallery(11)), 'BASE_TYPE_BAD_LENGTH'],
    [
      'alt text of 1025',
      v2(gallery(1, { description: 'x'.repeat(1_025) })),
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['six buttons in a row', v2(buttonRow(6)), 'BASE_TYPE_BAD_LENGTH'],
    [
      'a button next to a select',
      v2(row(button('b'), ...(select([choice(0)])['components'] as JsonObject[]))),
      'LAYOUT_WIDTH_EXCEEDED',
    ],
    ['a label of 81', v2(row(button('b', { label: 'x'.repeat(81) }))), 'BASE_TYPE_MAX_LENGTH'],
    ['a custom id of 101', v2(row(button('i'.repeat(101)))), 'BASE_TYPE_BAD_LENGTH'],
    ['an empty custom id', v2(row(button(''))), 'BASE_TYPE_REQUIRED'],
    [
      'a custom id twice',
      v2(row(button('b')), container(row(button('b')))),
      'COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    ['a link with an unknown scheme', v2(row(link('javascript://x'))), 'URL_TYPE_INVALID_SCHEME'],
    ['a link of 513', v2(row(link(`https://a.b/${'x'.repeat(501)}`))), 'BASE_TYPE_BAD_LENGTH'],
    ['26 options', v2(select(fill(26, choice))), 'BASE_TYPE_BAD_LENGTH'],
    ['an option value twice', v2(select([choice(0), choice(0)])), 'OPTION_VALUE_DUPLICATED'],
    [
      'a placeholder of 151',
      v2(select([choice(0)], { placeholder: 'x'.repeat(151) })),
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['a container in a container', v2(container(container(text(1)))), 'UNION_TYPE_CHOICES'],
    [
      'a file that was not sent',
      v2({ type: 13, file: { url: 'attachment://a.png' } }),
      'ATTACHMENT_NOT_FOUND',
    ],
    [
      'six rows without the flag',
      { components: fill(6, (i) => row(button(`b${i}`))) },
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['eleven embeds', { embeds: fill(11, () => ({ title: 'x' })) }, 'BASE_TYPE_MAX_LENGTH'],
    [
      'embeds of 6001',
      { embeds: fill(3, () => ({ description: 'x'.repeat(2_001) })) },
      'MAX_EMBED_SIZE_EXCEEDED',
    ],
    ['a title of 257', { embeds: [{ title: 'x'.repeat(257) }] }, 'BASE_TYPE_MAX_LENGTH'],
    [
      '26 fields',
      { embeds: [{ fields: fill(26, () => ({ name: 'n', value: 'v' })) }] },
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['an unknown flag', { content: 'x', flags: 1 << 7 }, 'MESSAGE_FLAGS_NOT_ALLOWED'],
    [
      'users both parsed and listed',
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      'PARSE_EXCLUSIVE',
    ],
  ])('may not have %s', (_what, body, expected) => {
    expect(refused(() => draft(body))).toContain(expected);
  });

  it('pings whom allowed_mentions permits, and everybody without it', () => {
    const content = '@everyone <@11> <@&22>';
    expect(draft({ content })).toMatchObject({
      mentionEveryone: true,
      mentions: [{ id: '11' }],
      mentionRoles: ['22'],
    });
    expect(draft({ ...v2({ type: 10, content }), allowed_mentions: { parse: [] } })).toMatchObject({
      mentionEveryone: false,
      mentions: [],
      mentionRoles: [],
    });
  });

  it('names every fault at its place in the body at once', () => {
    const body = {
      content: 'x'.repeat(2_001),
      components: [row(button('', { label: 'x'.repeat(81) }))],
    };
    expect(JSON.parse(refused(() => draft(body)))).toEqual({
      code: 50035,
      message: 'Invalid Form Body',
      errors: {
        content: {
          _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }],
        },
        components: {
          0: {
            components: {
              0: {
                label: {
                  _errors: [
                    { code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 80 or fewer in length.' },
                  ],
                },
                custom_id: {
                  _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }],
                },
              },
            },
          },
        },
      },
    });
  });
});

describe('a deferral', () => {
  it('may be ephemeral and nothing else', () => {
    expect(checkDeferFlags(64)).toBe(64);
    expect(refused(() => checkDeferFlags(64 | V2))).toContain('MESSAGE_FLAGS_NOT_ALLOWED');
  });
});

describe('a modal', () => {
  const input = { type: 4, custom_id: 'i', style: 1 };
  const labelled = { type: 18, label: 'l', component: input };
  const modal = { custom_id: 'm', title: 't', components: [labelled] };
  const check = (change: JsonObject): string =>
    refused(() => {
      const form = new Form();
      checkModal(form, ['data'], { ...modal, ...change });
      form.assertValid();
    });

  it('may hold a labelled input or one in a row', () => {
    expect(check({})).toBe('accepted');
    expect(check({ components: [row({ ...input, label: 'l' })] })).toBe('accepted');
  });

  it.each<[string, JsonObject, string]>([
    ['a title of 46', { title: 'x'.repeat(46) }, 'BASE_TYPE_BAD_LENGTH'],
    ['no components', { components: [] }, 'BASE_TYPE_BAD_LENGTH'],
    [
      'six components',
      { components: fill(6, (i) => ({ ...labelled, component: { ...input, custom_id: `${i}` } })) },
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a label of 46',
      { components: [{ ...labelled, label: 'x'.repeat(46) }] },
      'BASE_TYPE_BAD_LENGTH',
    ],
    ['a custom id twice', { components: [labelled, labelled] }, 'CUSTOM_ID_DUPLICATED'],
    ['a button', { components: [row(button('b'))] }, 'BASE_TYPE_CHOICES'],
  ])('may not have %s', (_what, change, expected) => {
    expect(check(change)).toContain(expected);
  });
});
