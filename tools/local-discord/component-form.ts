import { checkButton, checkSelect, UsedIds } from './control-form.ts';
import type { Form, Path } from './form.ts';
import { asNumber, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

export const ComponentType = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
} as const;

const T = ComponentType;
const SELECTS: readonly number[] = [3, 5, 6, 7, 8];
const CONTAINED = [T.row, T.section, T.text, T.gallery, T.file, T.separator];
const TOP_LEVEL = [...CONTAINED, T.container];

export interface ComponentContext {
  /** Whether the message carries the Components V2 flag: without it only action rows exist. */
  readonly v2: boolean;
  /** File names that `attachment://` may refer to. */
  readonly attachments: ReadonlySet<string>;
}

/**
 * Checks the components of a message, at `path` in the form, by the rules of
 * https://docs.discord.com/developers/components/reference.
 */
export function checkComponents(
  form: Form,
  path: Path,
  value: unknown,
  context: ComponentContext,
): void {
  new ComponentCheck(form, context).message(path, value);
}

class ComponentCheck {
  readonly #form: Form;
  readonly #context: ComponentContext;
  readonly #ids = new UsedIds();
  #count = 0;
  #characters = 0;

  constructor(form: Form, context: ComponentContext) {
    this.#form = form;
    this.#context = context;
  }

  message(path: Path, value: unknown): void {
    if (!this.#context.v2) {
      const rows = this.#form.list(path, value, { max: LIMITS.legacyRows });
      for (const [index, row] of rows) this.#component([...path, index], row, [T.row]);
      return;
    }
    const components = this.#form.list(path, value, { max: LIMITS.components });
    for (const [index, item] of components) this.#component([...path, index], item, TOP_LEVEL);
    if (this.#count > LIMITS.components) {
      this.#form.report(
        path,
        'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
        `The total number of components cannot exceed ${LIMITS.components}`,
      );
    }
    if (this.#characters > LIMITS.displayableText) {
      this.#form.report(
        path,
        'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
        `Components displayable text size exceeds maximum size of ${LIMITS.displayableText}`,
      );
    }
  }

  #component(path: Path, component: JsonObject, allowed: readonly number[]): void {
    this.#count += 1;
    const type = component['type'];
    if (typeof type !== 'number' || !allowed.includes(type)) {
      this.#form.report(
        [...path, 'type'],
        'UNION_TYPE_CHOICES',
        `Value of field "type" must be one of (${allowed.join(', ')}).`,
      );
      return;
    }
    this.#ids.numericId(this.#form, [...path, 'id'], component['id']);
    switch (type) {
      case T.row:
        this.#row(path, component);
        break;
      case T.button:
        checkButton(this.#form, path, component, this.#ids);
        break;
      case T.section:
        this.#section(path, component);
        break;
      case T.text:
        this.#text(path, component);
        break;
      case T.thumbnail:
        this.#media(path, component, 'media');
        break;
      case T.gallery:
        this.#gallery(path, component);
        break;
      case T.file:
        this.#media(path, component, 'file');
        break;
      case T.separator:
        this.#separator(path, component);
        break;
      case T.container:
        this.#container(path, component);
        break;
      default:
        checkSelect(this.#form, path, component, this.#ids);
        break;
    }
  }

  #children(
    path: Path,
    component: JsonObject,
    rule: { max: number; allowed: readonly number[] },
  ): JsonObject[] {
    const at = [...path, 'components'];
    const bounds = { min: 1, max: rule.max, required: true };
    const children = this.#form.list(at, component['components'], bounds);
    for (const [index, child] of children) this.#component([...at, index], child, rule.allowed);
    return children.map(([, child]) => child);
  }

  #row(path: Path, row: JsonObject): void {
    const allowed = [T.button, ...SELECTS];
    const children = this.#children(path, row, { max: LIMITS.rowButtons, allowed });
    const selects = children.filter((child) => SELECTS.includes(asNumber(child['type'])));
    if (selects.length > 0 && children.length > 1) {
      this.#form.report(
        [...path, 'components'],
        'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
        'The specified component exceeds the maximum width',
      );
    }
  }

  #section(path: Path, section: JsonObject): void {
    this.#children(path, section, { max: LIMITS.sectionTexts, allowed: [T.text] });
    const accessory = section['accessory'];
    if (isObject(accessory)) {
      this.#component([...path, 'accessory'], accessory, [T.button, T.thumbnail]);
    } else {
      this.#form.required([...path, 'accessory']);
    }
  }

  #text(path: Path, text: JsonObject): void {
    const content = this.#form.text([...path, 'content'], text['content'], {
      max: LIMITS.displayableText,
      required: true,
    });
    if (content !== null && content !== '' && content.trim() === '') {
      this.#form.required([...path, 'content']);
    }
    this.#characters += content?.length ?? 0;
  }

  #gallery(path: Path, gallery: JsonObject): void {
    const at = [...path, 'items'];
    const bounds = { min: 1, max: LIMITS.galleryItems, required: true };
    for (const [index, item] of this.#form.list(at, gallery['items'], bounds)) {
      this.#media([...at, index], item, 'media');
    }
  }

  #media(path: Path, item: JsonObject, field: 'media' | 'file'): void {
    this.#form.text([...path, 'description'], item['description'], { max: LIMITS.altText });
    this.#form.boolean([...path, 'spoiler'], item['spoiler']);
    const media = item[field];
    if (!isObject(media)) {
      this.#form.required([...path, field]);
      return;
    }
    const schemes = field === 'file' ? ['attachment'] : ['http', 'https', 'attachment'];
    checkMediaUrl(this.#form, [...path, field, 'url'], media['url'], {
      schemes,
      attachments: this.#context.attachments,
      required: true,
    });
  }

  #separator(path: Path, separator: JsonObject): void {
    this.#form.boolean([...path, 'divider'], separator['divider']);
    if (separator['spacing'] !== undefined) {
      this.#form.choice([...path, 'spacing'], separator['spacing'], [1, 2]);
    }
  }

  #container(path: Path, container: JsonObject): void {
    this.#form.integer([...path, 'accent_color'], container['accent_color'], {
      min: 0,
      max: 0xffffff,
    });
    this.#form.boolean([...path, 'spoiler'], container['spoiler']);
    this.#children(path, container, { max: LIMITS.components, allowed: CONTAINED });
  }
}

/** A url of a picture or file; `attachment://name` must name a file that the message has. */
export function checkMediaUrl(
  form: Form,
  path: Path,
  value: unknown,
  rule: { schemes: readonly string[]; attachments: ReadonlySet<string>; required?: boolean },
): void {
  const url = form.url(path, value, {
    schemes: rule.schemes,
    max: LIMITS.mediaUrl,
    required: rule.required ?? false,
  });
  const name = url === null ? undefined : /^attachment:\/\/(.*)$/i.exec(url)?.[1];
  if (name !== undefined && !rule.attachments.has(name)) {
    form.report(
      path,
      'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
      `The referenced attachment ${name} was not found`,
    );
  }
}
