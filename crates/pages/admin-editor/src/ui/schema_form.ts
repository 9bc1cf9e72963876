// A form for the data of a plugin's block, made from its JSON Schema. What a form does not hold well is JSON text; what
// the schema does not name is kept.

import { type Json, type JsonObject, isObject } from '../format';
import type { Texts } from '../texts';
import { el, labelled } from './dom';

export interface SchemaForm {
  element: HTMLElement;
  read(): { data: Json } | { problem: string };
}

interface Field {
  name: string;
  element: HTMLElement;
  /** `undefined` leaves the name out. */
  read(): Json | undefined;
}

export function schemaForm(texts: Texts, schema: JsonObject | null, data: Json): SchemaForm {
  const properties = schema && isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const isForm = properties.length > 0 && (data === null || isObject(data));
  if (!isForm) return jsonForm(texts, data);
  const before = isObject(data) ? data : {};
  const required = Array.isArray(schema?.required) ? schema.required : [];
  const fields = properties.map(([name, it]) => field(texts, name, isObject(it) ? it : {}, before[name], required.includes(name)));
  return {
    element: el('div', { class: 'editor-form' }, ...fields.map((it) => it.element)),
    read() {
      const result: JsonObject = { ...before };
      for (const it of fields) {
        try {
          const value = it.read();
          if (value === undefined) delete result[it.name];
          else result[it.name] = value;
        } catch (error) {
          return { problem: `${it.name}: ${(error as Error).message}` };
        }
      }
      const missing = required.find((name) => typeof name === 'string' && !(name in result));
      return missing === undefined ? { data: result } : { problem: texts.get('missing_value', { name: String(missing) }) };
    },
  };
}

function jsonForm(texts: Texts, data: Json): SchemaForm {
  const area = jsonArea(data === null ? {} : data, 12);
  return {
    element: labelled(texts.get('data_json'), area),
    read() {
      try {
        return { data: parsed(texts, area.value) };
      } catch (error) {
        return { problem: (error as Error).message };
      }
    },
  };
}

function jsonArea(value: Json | undefined, rows: number): HTMLTextAreaElement {
  const area = el('textarea', { rows, dir: 'ltr', spellcheck: 'false', class: 'editor-mono' });
  area.value = value === undefined ? '' : JSON.stringify(value, null, 2);
  return area;
}

function parsed(texts: Texts, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(texts.get('bad_json', { reason: (error as Error).message }));
  }
}

function field(texts: Texts, name: string, schema: JsonObject, value: Json | undefined, isRequired: boolean): Field {
  const title = typeof schema.title === 'string' ? schema.title : name;
  const label = isRequired ? `${title} *` : title;
  const hint = typeof schema.description === 'string' ? schema.description : undefined;
  const usual = value === undefined ? schema.default : value;
  const make = (control: HTMLElement, read: () => Json | undefined): Field => ({ name, element: labelled(label, control, hint), read });
  if (Array.isArray(schema.enum)) return choice(schema.enum, usual, isRequired, make);
  const fits = (type: string) => schema.type === type && (usual === undefined || usual === null || typeof usual === type);
  if (fits('string')) return textField(schema, usual, make);
  if (schema.type === 'integer' || fits('number')) {
    const input = el('input', {
      type: 'number',
      step: schema.type === 'integer' ? 1 : 'any',
      min: typeof schema.minimum === 'number' ? schema.minimum : null,
      max: typeof schema.maximum === 'number' ? schema.maximum : null,
    });
    input.value = typeof usual === 'number' ? String(usual) : '';
    return make(input, () => {
      if (!input.checkValidity()) throw new Error(input.validationMessage);
      return input.value === '' ? undefined : Number(input.value);
    });
  }
  if (fits('boolean')) {
    const box = el('input', { type: 'checkbox' });
    box.checked = usual === true;
    return make(box, () => (box.checked || value !== undefined || isRequired ? box.checked : undefined));
  }
  const items = isObject(schema.items) ? schema.items : {};
  const areTexts = Array.isArray(usual) ? usual.every((it) => typeof it === 'string' && !it.includes('\n')) : usual === undefined;
  if (schema.type === 'array' && items.type === 'string' && areTexts) {
    const area = el('textarea', { rows: 4 });
    area.value = Array.isArray(usual) ? usual.join('\n') : '';
    const found = make(area, () => {
      const lines = area.value.split('\n').map((it) => it.trim()).filter((it) => it !== '');
      return lines.length > 0 || value !== undefined || isRequired ? lines : undefined;
    });
    found.element.append(el('p', { class: 'editor-hint' }, texts.get('one_a_line')));
    return found;
  }
  const area = jsonArea(usual, 5);
  return make(area, () => (area.value.trim() === '' ? undefined : parsed(texts, area.value)));
}

type Make = (control: HTMLElement, read: () => Json | undefined) => Field;

function choice(values: Json[], usual: Json | undefined, isRequired: boolean, make: Make): Field {
  const select = el('select', {});
  const all: (Json | undefined)[] = isRequired ? values : [undefined, ...values];
  all.forEach((it, index) => select.append(el('option', { value: index }, it === undefined ? '–' : String(it))));
  const chosen = all.findIndex((it) => JSON.stringify(it) === JSON.stringify(usual));
  select.selectedIndex = Math.max(0, chosen);
  return make(select, () => all[select.selectedIndex]);
}

function textField(schema: JsonObject, usual: Json | undefined, make: Make): Field {
  const isLong = typeof usual === 'string' && usual.includes('\n')
    || (schema.format === undefined && typeof schema.maxLength === 'number' && schema.maxLength > 200);
  const types: Record<string, string> = { uri: 'url', 'uri-reference': 'text', email: 'email', date: 'date' };
  const control = isLong
    ? el('textarea', { rows: 4 })
    : el('input', { type: types[String(schema.format)] ?? 'text' });
  if (typeof schema.maxLength === 'number') control.setAttribute('maxlength', String(schema.maxLength));
  control.value = typeof usual === 'string' ? usual : '';
  return make(control, () => {
    if (!control.checkValidity()) throw new Error(control.validationMessage);
    return control.value === '' && usual === undefined ? undefined : control.value;
  });
}
