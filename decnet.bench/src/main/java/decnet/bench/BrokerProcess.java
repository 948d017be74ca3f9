package decnet.bench;

import decnet.bus.Broker;
import decnet.bus.BrokerConfig;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Our broker in a process of its own; arguments: folder, TCP port. Ends with its standard input. */
final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Config config = Config.of(Map.of("bus.listen", "127.0.0.1:" + args[1], "bus.token", LoadGenerator.TOKEN));
        try (Broker broker = Broker.start(BrokerConfig.from(config, new Places(folder, folder)), new Counters())) {
            System.out.println("port " + broker.tcpPort().orElseThrow());
            while (System.in.read() >= 0) {
                // the parent holds the other end
            }
        }
    }
}
