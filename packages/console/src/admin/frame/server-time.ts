import { useQuery } from '@tanstack/react-query';
import { meQuery } from './me.ts';

/** How far the clock of this computer is ahead of the server's, in milliseconds: instants of the server are shown by its own. */
export const useAhead = (): number => {
  const { data, dataUpdatedAt } = useQuery(meQuery);
  return data === undefined ? 0 : dataUpdatedAt - Date.parse(data.session.now);
};
