/** JSON in GBNF. White space is what models write between values, and not more: an endless run of it would never end. */
export const GRAMMAR_BASE = String.raw`value ::= object | array | string | number | boolean | null
object ::= "{" space ( string space ":" space value ( space "," space string space ":" space value )* )? space "}"
array ::= "[" space ( value ( space "," space value )* )? space "]"
string ::= "\"" char* "\""
char ::= [^"\\\x7F\x00-\x1F] | "\\" ( ["\\/bfnrt] | "u" [0-9a-fA-F]{4} )
number ::= "-"? natural ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,2} )?
integer ::= "-"? natural
natural ::= "0" | [1-9] [0-9]{0,14}
boolean ::= "true" | "false"
null ::= "null"
space ::= ( " " | "\n" [ \t]{0,20} )?
`;

/** A text that has to stand exactly so. */
export function quoted(text: string): string {
    const escaped = text
        .replace(/["\\]/g, '\\$&')
        .replace(/[\n\r\t]/g, (character) =>
            character === '\n' ? '\\n' : character === '\r' ? '\\r' : '\\t',
        );
    return `"${escaped}"`;
}

/** A JSON value that has to stand exactly so. */
export function literal(value: unknown): string {
    return quoted(JSON.stringify(value));
}
