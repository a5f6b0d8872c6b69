/** An upload of a base: what the page knows of it, and how far it is. */

/** @import { Named } from "../lib/events.js" */
/**
 * A row of models/rows/upload.py.
 * @typedef {Object} Job
 * @property {string} id
 * @property {number} version
 * @property {string} state
 * @property {string} kind "upload" or "delete"
 * @property {string} name of its base
 * @property {number | null} base
 * @property {boolean} base_gone
 * @property {Named | null} campaign
 * @property {string} file_name
 * @property {number} size bytes
 * @property {number} total rows of the file
 * @property {number} done
 * @property {number} stored
 * @property {number} created
 * @property {number} updated
 * @property {number} unchanged
 * @property {number} refused
 * @property {number} cases
 * @property {number} to_agree rows that change a customer who exists
 * @property {number} to_take customers to take out
 * @property {number} removed
 * @property {number} unlinked
 * @property {number} restored
 * @property {string} error
 * @property {string | null} by
 * @property {string} created_at
 * @property {string | null} started_at
 * @property {string | null} ended_at
 * @property {string | null} undo_until
 * @property {string} report_url
 */
/** @typedef {{name: string, field: string, wrong: number, dates: string}} PreviewColumn */
/** @typedef {{text: string, wrong: string | null, read: string}} PreviewCell */
/**
 * How the first rows read: queue/bases/uploads/preview.py.
 * @typedef {Object} FilePreview
 * @property {string} encoding
 * @property {string} separator
 * @property {boolean} doubtful its letters make no words: the encoding must be said
 * @property {boolean} header
 * @property {number} header_row or the first row of data when there is no header
 * @property {{number: number, text: string}[]} top rows among which the header is
 * @property {string} dates
 * @property {string[]} refuse reasons that refuse their rows
 * @property {string[]} key
 * @property {string} area_code
 * @property {boolean} by_city whether indicativos by city are known here
 * @property {number} no_area_code landlines without one among the first rows
 * @property {string} no_area_code_example
 * @property {string} mode
 * @property {string[]} kept
 * @property {string[]} tickable
 * @property {boolean} other_key
 * @property {boolean} guessed
 * @property {string[]} accents
 * @property {boolean} workbook
 * @property {string[]} sheets of a workbook, those with rows
 * @property {string} sheet the one asked for, or "" for the likeliest
 * @property {string[]} sheets_read
 * @property {string[]} sheets_left
 * @property {PreviewColumn[]} columns
 * @property {{number: number, cells: PreviewCell[], wrong: string | null}[]} rows
 */
/** @typedef {{job: Job, preview: FilePreview, base_key: string[] | null}} PreviewAnswer once a workbook is open */
/**
 * What can be chosen, with its words.
 * @typedef {Object} Choices
 * @property {Record<string, string>} fields
 * @property {Record<string, string>} reasons
 * @property {Record<string, string>} dates words of the orders of dates
 * @property {string[]} area_codes
 * @property {Record<string, string>} key_fields the field of each part of a key
 * @property {string[]} amounts fields that stand at the right of their column
 */
/** @typedef {(change: Record<string, unknown>) => unknown} Change of how the file is read */

const OVER = ["done", "checked", "undone"];

/** Whole percents; 100 only when it is over. @param {Job} job */
export function percent(job) {
  if (OVER.includes(job.state)) return 100;
  if (job.state === "undoing" || job.kind === "delete")
    return partOf(job.removed + job.unlinked + job.restored, job.to_take);
  return partOf(job.done, job.total);
}

/** @param {number} done @param {number} all */
const partOf = (done, all) => (all ? Math.min(99, Math.floor((100 * done) / all)) : 0);
