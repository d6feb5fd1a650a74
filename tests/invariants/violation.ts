/** Something that must always hold did not. */
export class Violation extends Error {}
