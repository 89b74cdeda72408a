import { Button } from '@mantine/core';
import { Failure } from './states.tsx';

/** A fault of this page itself. The frame stays, so that there is a way on. */
export const Crashed = ({ error, reset }: { readonly error: unknown; readonly reset: () => void }) => (
  <>
    <Failure what="This screen stopped working" error={error} onRetry={reset} />
    <p className="sp-actions">
      <Button variant="default" onClick={() => location.reload()}>
        Load the page again
      </Button>
    </p>
  </>
);
