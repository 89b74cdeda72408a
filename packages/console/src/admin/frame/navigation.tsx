import { Link } from '@tanstack/react-router';
import { SCREENS, type ScreenRow } from '../screens.ts';
import { useMe } from './me.ts';

/** The screens that this person may read, by group. What leads to a refusal is not there. */
export const visibleScreens = (permissions: readonly string[]): ScreenRow[] =>
  (SCREENS as readonly ScreenRow[]).filter(
    ({ path, group, permission }) =>
      group !== null &&
      (permission === null || permissions.includes(permission)) &&
      // The overview is made of what roles show: without one it is empty.
      (path !== '/' || permissions.length > 0),
  );

export const Navigation = () => {
  const me = useMe();
  const screens = visibleScreens(me?.permissions ?? []);
  const groups = [...new Set(screens.map(({ group }) => group))];
  return groups.map((group) => {
    const links = screens.filter((screen) => screen.group === group);
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
              </Link>
            </li>
          ))}
        </ul>
      </div>
    );
  });
};
