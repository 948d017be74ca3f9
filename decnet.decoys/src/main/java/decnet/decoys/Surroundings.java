package decnet.decoys;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** The fleet as it is at the moment of asking, seen from one machine. */
record Surroundings(DeckyName self, Supplier<Neighbourhood> now) implements Neighbours {
    @Override
    public Optional<InetAddress> resolve(String name) {
        return now.get().resolve(name);
    }

    @Override
    public String shown(InetAddress address) {
        return now.get().shown(address);
    }

    @Override
    public Optional<Echo> echo(InetAddress address) {
        return now.get().echo(self, address);
    }
}
