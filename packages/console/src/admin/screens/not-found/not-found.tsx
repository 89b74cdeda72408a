import { Link } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

/** No such screen; never a dead end. */
export const NotFound = () => (
  <Page title="Not here">
    <Empty title="There is no such page" action={<Link to="/">Go to the overview</Link>}>
      The address may be from an older version, or cut short on its way to you.
    </Empty>
  </Page>
);
