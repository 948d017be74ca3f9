package decnet.runtime;

import decnet.bus.Broker;
import decnet.bus.BrokerConfig;
import java.time.Duration;
import java.util.List;

/** Worker {@code bus}: the broker. */
final class BrokerWorker implements Worker {
    @Override
    public void run(WorkerContext context) throws Exception {
        try (var _ = Broker.start(BrokerConfig.from(context.config(), context.places()), context.counters())) {
            context.ready();
            // the broker works on its own threads; this one waits for the end
            boolean running = true;
            while (running) {
                running = context.pause(Duration.ofMinutes(1));
            }
        }
    }

    /** Offers the worker. */
    public static final class Provider implements WorkerProvider {
        public Provider() {}

        @Override
        public List<WorkerSpec> workers() {
            return List.of(new WorkerSpec("bus", "message broker of this host", false, BrokerWorker::new));
        }
    }
}
