import { Page } from '../../ui/page.tsx';

/** Is anything wrong now? */
export const Overview = () => (
  <Page title="Overview" lead="Who is admin right now, and what is wrong right now.">
    <p />
  </Page>
);
