import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** The way to more time of what somebody has: the form of a request, with what it is about filled in. */
export const ExtendLink = ({ id, name }: { readonly id: string; readonly name: string }) => (
  <Button
    size="xs"
    variant="default"
    aria-label={`Extend: ${name}…`}
    component={Link}
    to="/requests"
    search={{ extend: id } as never}
  >
    Extend…
  </Button>
);
