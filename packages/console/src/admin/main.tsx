import '@mantine/core/styles.css';
import './ui/console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './frame/query-client.ts';
import { router } from './router.tsx';
import { theme } from './ui/theme.ts';

const root = document.getElementById('console');
if (root === null) throw new Error('the page has no place for the console');

// Mantine's variables and classes come from its static style sheet and ours, so that no style is injected and
// `style-src 'self'` holds.
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
