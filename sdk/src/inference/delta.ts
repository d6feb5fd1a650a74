import type { SessionDelta } from '../session';

/** What one frame of an answer brings; the names are those of docs/spec/session.md. */
export type InferenceDelta = SessionDelta;
