/**
 * Every screen of the console, as data: the navigation, the palette, the keyboard, the router and the server, which
 * sends the same page for each of these paths, read this list. A screen is shown to whoever holds its permission.
 */
export interface ScreenRow {
  /** Of the route, with `$name` places. */
  readonly path: string;
  readonly title: string;
  /** Null: not in the navigation, reached from another screen. */
  readonly group: 'Overview' | 'Me' | 'Access' | 'People and roles' | 'Protection' | 'Activity' | 'Settings' | null;
  /** What reading it needs; null is for everybody who is signed in. */
  readonly permission: string | null;
  /** The second key after `g`. */
  readonly goKey?: string;
  /** Words that find it in the palette. */
  readonly words?: string;
}

export const SCREENS = [
  { path: '/', title: 'Overview', group: 'Overview', permission: 'okta.logs.read', goKey: 'o', words: 'home start' },
  { path: '/gallery', title: 'Gallery of states', group: null, permission: null },
] as const satisfies readonly ScreenRow[];

export type ScreenPath = (typeof SCREENS)[number]['path'];

/** Is this path one of the console's? `$name` stands for one segment. */
export const isScreenPath = (pathname: string, screens: readonly ScreenRow[] = SCREENS): boolean => {
  const parts = pathname.split('/');
  return screens.some(({ path }) => {
    const wanted = path.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, i) => part === parts[i] || (part.startsWith('$') && parts[i] !== ''))
    );
  });
};
