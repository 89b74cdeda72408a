import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import './log.css';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { EventDetails } from './event-details.tsx';
import { getEvent } from './log-api.ts';

/** `/log/$uuid`: one event, under an address that can be mailed. */
export const EventPage = () => {
  const { uuid = '' } = useParams({ strict: false }) as { uuid?: string };
  const query = useQuery({ queryKey: ['log', 'event', uuid], queryFn: () => getEvent(uuid) });
  return (
    <Page title={query.data?.displayMessage ?? 'Event'} lead={<Link to="/log">System Log</Link>}>
      <QueryView query={query} what="the event">
        {(event) =>
          event === null ? (
            <Empty title="There is no such event">Nothing in the System Log has this id.</Empty>
          ) : (
            <section className="sp-card" aria-label="Event">
              <EventDetails event={event} />
            </section>
          )
        }
      </QueryView>
    </Page>
  );
};
