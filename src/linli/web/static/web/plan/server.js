/** What the plan page asks of the server. An answer that is no success is thrown as an `Unanswered`, with its reason. */

export class Unanswered extends Error {
  /**
   * @param {"offline"|"stale"|"refused"|"failed"} why
   * @param {{field: string, message: string}[]} errors  what the server says of the fields, in the reader's words
   */
  constructor(why, errors = []) {
    super(why);
    this.why = why;
    this.errors = errors;
  }
}

const REASONS = { 409: "stale", 422: "refused" };

async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    throw new Unanswered("offline");
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body) return body;
  throw new Unanswered(REASONS[answer.status] ?? "failed", body?.errors ?? []);
}

/** Fetch JSON. */
export const read = (address) => ask(address, { headers: { Accept: "application/json" } });

/** Send JSON, and return the answer. */
export const send = (address, token, body) =>
  ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
