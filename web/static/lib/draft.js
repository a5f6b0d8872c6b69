/** What was typed in a case, kept on this machine until it is saved: no tab, reload or lost connection takes it. */
const PREFIX = "atiende.draft.";
const KEPT = 7 * 86_400_000;

const name = (me, number) => `${PREFIX}${me}.${number}`;

/** The draft of a case, or null. */
export function readDraft(me, number) {
  try {
    return JSON.parse(localStorage.getItem(name(me, number)));
  } catch {
    return null;
  }
}

export function keepDraft(me, number, draft) {
  localStorage.setItem(name(me, number), JSON.stringify({ ...draft, at: Date.now() }));
}

export function dropDraft(me, number) {
  localStorage.removeItem(name(me, number));
}

/** Forget drafts of long ago. */
export function dropOldDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(key)).at > KEPT) localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
  }
}
