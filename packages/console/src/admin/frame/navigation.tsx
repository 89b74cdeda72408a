import { Link } from '@tanstack/react-router';
import { GROUPS, PLAIN_PAGES, SCREENS, type ScreenPath, type ScreenRow } from '../screens.ts';
import { useMe, waitingWords } from './me.ts';

/** The screen that the count of what waits stands at. */
const INBOX: ScreenPath = '/approvals';

/** The screens that this person may read, by group. What leads to a refusal is not there. */
export const visibleScreens = (permissions: readonly string[]): ScreenRow[] =>
  (SCREENS as readonly ScreenRow[]).filter(
    ({ path, group, permission }) =>
      group !== null &&
      (permission === null || permissions.includes(permission)) &&
      // The overview is made of what roles show: without one it is empty.
      (path !== '/' || permissions.length > 0),
  );

/** The groups that have anything for this person, in the order of the sitemap. */
export const Navigation = () => {
  const me = useMe();
  const waiting = waitingWords(me);
  const screens = visibleScreens(me?.permissions ?? []);
  return GROUPS.map((group) => {
    const links = screens.filter((screen) => screen.group === group);
    const pages = PLAIN_PAGES.filter((page) => page.group === group);
    if (links.length + pages.length === 0) return null;
    const isAlone = links.length === 1 && links[0]?.title === group;
    return (
      <div key={group} className="sp-nav-group">
        {!isAlone && <p className="sp-nav-title">{group}</p>}
        <ul>
          {links.map(({ path, title }) => (
            <li key={path}>
              <Link
                to={path as '/'}
                className="sp-nav-link"
                activeOptions={{ exact: path === '/' }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {title}
                {path === INBOX && waiting !== null && (
                  <span className="sp-nav-count">
                    {waiting}
                    <span className="sp-unseen"> waiting for you</span>
                  </span>
                )}
              </Link>
            </li>
          ))}
          {pages.map(({ path, title }) => (
            <li key={path}>
              <a href={path} className="sp-nav-link">
                {title}
              </a>
            </li>
          ))}
        </ul>
      </div>
    );
  });
};
