import { isShouted } from "./title.js";

/** The export `smartcms:plugin/before-save`. */
export const beforeSave = {
  /** Returns the fields to change, or throws a list of problems to refuse. */
  beforeSave(draft) {
    const title = draft.fields.find((field) => field.name === "title");
    if (title?.value.tag !== "text" || !isShouted(title.value.val)) {
      return [];
    }
    throw [
      {
        field: "title",
        code: "shouting",
        message: "This title is all capitals, which reads as shouting. Please write it in small letters too.",
      },
    ];
  },
};
