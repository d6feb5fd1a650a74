export * from './bodies';
export * from './court';
export * from './play';
