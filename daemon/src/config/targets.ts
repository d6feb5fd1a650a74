import { z } from 'zod';

export type Path = (string | number)[];

/** A setting that the name of a variable may mean. */
export interface Target {
    path: Path;
    schema: z.core.$ZodType;
}

/** `contextSize` as variables spell it: `CONTEXT_SIZE`. */
export const upperSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Every way to read `rest` (upper snake case) as a path below `schema`. */
export function targets(schema: z.core.$ZodType, rest: string, path: Path): Target[] {
    const bare = unwrap(schema);
    if (rest === '') return [{ path, schema: bare }];
    if (bare instanceof z.ZodUnion) return bare.def.options.flatMap((option) => targets(option, rest, path));
    if (bare instanceof z.ZodArray) {
        const index = /^(\d{1,4})(?:_|$)/.exec(rest);
        return index
            ? targets(bare.def.element, rest.slice(index[0].length), [...path, Number(index[1])])
            : [];
    }
    if (!(bare instanceof z.ZodObject)) return [];
    return Object.entries(bare.shape).flatMap(([key, child]) => {
        const name = upperSnake(key);
        if (rest === name) return targets(child as z.core.$ZodType, '', [...path, key]);
        return rest.startsWith(`${name}_`)
            ? targets(child as z.core.$ZodType, rest.slice(name.length + 1), [...path, key])
            : [];
    });
}

/** Takes defaults, optionals and refinements off a schema. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    if (
        schema instanceof z.ZodOptional ||
        schema instanceof z.ZodDefault ||
        schema instanceof z.ZodPrefault
    ) {
        return unwrap(schema.def.innerType);
    }
    return schema;
}
