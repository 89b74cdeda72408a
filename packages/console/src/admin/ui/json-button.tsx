import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { CopyLine } from './copyable.tsx';

/** Any object as the API shows it. */
export const JsonButton = ({ value, title }: { readonly value: unknown; readonly title: string }) => {
  const [isOpen, setIsOpen] = useState(false);
  const text = JSON.stringify(value, null, 2);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
        Show as JSON
      </Button>
      <Drawer opened={isOpen} onClose={() => setIsOpen(false)} title={title} size="lg">
        <CopyLine text={text} label="JSON" />
      </Drawer>
    </>
  );
};
