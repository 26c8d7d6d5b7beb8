import { ComponentType as T } from './component-form.ts';
import { checkSelect, checkTextInput, UsedIds } from './control-form.ts';
import type { Form, Path } from './form.ts';
import { isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const LABELLED = [T.textInput, T.stringSelect, 5, 6, 7, 8, T.fileUpload];

/** Checks the data of a modal callback: title, custom id, one to five rows, labels or texts. */
export function checkModal(form: Form, path: Path, modal: JsonObject): void {
  const ids = new UsedIds();
  form.text([...path, 'custom_id'], modal['custom_id'], { max: LIMITS.customId, required: true });
  form.text([...path, 'title'], modal['title'], { max: LIMITS.modalTitle, required: true });
  const at = [...path, 'components'];
  const bounds = { min: 1, max: LIMITS.modalComponents, required: true };
  for (const [index, component] of form.list(at, modal['components'], bounds)) {
    const here = [...at, index];
    switch (component['type']) {
      case T.row:
        checkRow(form, here, component, ids);
        break;
      case T.text:
        form.text([...here, 'content'], component['content'], {
          max: LIMITS.displayableText,
          required: true,
        });
        break;
      case T.label:
        checkLabel(form, here, component, ids);
        break;
      default:
        form.report(
          [...here, 'type'],
          'UNION_TYPE_CHOICES',
          'Value of field "type" must be one of (1, 10, 18).',
        );
    }
  }
}

function checkRow(form: Form, path: Path, row: JsonObject, ids: UsedIds): void {
  const at = [...path, 'components'];
  const bounds = { min: 1, max: 1, required: true };
  for (const [index, input] of form.list(at, row['components'], bounds)) {
    const here = [...at, index];
    if (form.choice([...here, 'type'], input['type'], [T.textInput])) {
      checkTextInput(form, here, input, { ids, labelled: false });
    }
  }
}

function checkLabel(form: Form, path: Path, label: JsonObject, ids: UsedIds): void {
  form.text([...path, 'label'], label['label'], { max: LIMITS.modalLabel, required: true });
  form.text([...path, 'description'], label['description'], { max: LIMITS.modalLabelDescription });
  const control = label['component'];
  const at = [...path, 'component'];
  if (!isObject(control)) {
    form.required(at);
    return;
  }
  if (!form.choice([...at, 'type'], control['type'], LABELLED)) return;
  if (control['type'] === T.textInput) checkTextInput(form, at, control, { ids, labelled: true });
  else if (control['type'] === T.fileUpload)
    ids.customId(form, [...at, 'custom_id'], control['custom_id']);
  else checkSelect(form, at, control, ids);
}
