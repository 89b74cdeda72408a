import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The Admin Console's bundle. The sign-in pages are not in it: they are served as they are written. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/assets/admin/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2024',
    // light-dark() stays as it is written: the sign-in pages, which have no build, need it too (tokens.css).
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page names the module with a nonce; what that module imports is trusted through it ('strict-dynamic').
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // What counts is the size over the wire, and a test holds that (bundle-size.test.ts).
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: 'src/admin/main.tsx' },
  },
});
