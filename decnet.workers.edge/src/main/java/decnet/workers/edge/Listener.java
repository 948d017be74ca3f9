package decnet.workers.edge;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import decnet.core.Json;
import decnet.journal.JournalConfig;
import decnet.runtime.Worker;
import decnet.runtime.WorkerContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Worker {@code listener}: takes in what sensors send, each into a journal of its own. Without {@code listener.address} it is ready and
 * does nothing.
 */
final class Listener implements Worker {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration LOOK_AROUND = Duration.ofSeconds(10);
    private static final Duration LOOK_CLOSELY = Duration.ofSeconds(1);
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(30);

    @Override
    public void run(WorkerContext context) throws Exception {
        ListenerConfig config = ListenerConfig.from(context.config(), context.places());
        Optional<HostPort> address = config.address();
        if (address.isEmpty()) {
            context.ready();
            boolean going = true;
            while (going) {
                going = context.pause(IDLE);
            }
            return;
        }
        Duration backOff = LOOK_CLOSELY;
        while (!context.stopping()) {
            try (ListenerServer server = ListenerServer.open(
                    config,
                    JournalConfig.from(context.config()),
                    new ListenerServer.Parts(context.places(), context.clock(), context.counters(), context::wake),
                    address.get())) {
                LOG.log(INFO, () -> "listening address=" + address.get().host() + " port=" + server.port());
                serve(server, context);
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage());
                context.degraded(reason);
                LOG.log(WARNING, () -> "the listener waits: " + reason);
                context.pause(backOff);
                backOff =
                        backOff.multipliedBy(2).compareTo(MOST_BACK_OFF) > 0 ? MOST_BACK_OFF : backOff.multipliedBy(2);
            }
        }
    }

    private static void serve(ListenerServer server, WorkerContext context) throws InterruptedException, IOException {
        RelayState state = new RelayState(context.places().state(), "listener");
        while (!context.stopping()) {
            server.housekeeping().ifPresentOrElse(context::degraded, context::ready);
            state.write(Json.object()
                    .put("port", server.port())
                    .put("at", context.clock().instant().toString())
                    .set("peers", server.toJson()));
            context.pause(server.handshaking() ? LOOK_CLOSELY : LOOK_AROUND);
        }
    }
}
