package decnet.topology;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * A fake machine as it is to be.
 *
 * @param address its usual one: that of its first interface, or of the loopback
 * @param services sorted by slug, each at most once
 */
public record Decky(
        DeckyName name,
        Persona persona,
        InetAddress address,
        List<DeckyService> services,
        Placement placement,
        Rotation rotation) {
    public Decky {
        services = List.copyOf(services);
    }

    /** One on the loopback that stays as it is. */
    public Decky(DeckyName name, Persona persona, InetAddress address, List<DeckyService> services) {
        this(name, persona, address, services, Placement.LOOPBACK, Rotation.NONE);
    }

    public Decky withServices(List<DeckyService> others) {
        return new Decky(name, persona, address, others, placement, rotation);
    }

    public Decky withPersona(Persona other) {
        return new Decky(name, other, address, services, placement, rotation);
    }

    public Decky withRotation(Rotation other) {
        return new Decky(name, persona, address, services, placement, other);
    }

    /** How its packets look. */
    public OsFamily stack() {
        return placement.stack().orElse(persona.os().family());
    }

    /**
     * The hardware address of an interface: those of one machine follow each other, as on a card with several sockets.
     *
     * @param attachment from 0
     */
    public String mac(int attachment) {
        String first = persona.mac();
        int last = Integer.parseInt(first.substring(first.lastIndexOf(':') + 1), 16);
        return first.substring(0, first.lastIndexOf(':') + 1)
                + String.format(Locale.ROOT, "%02x", last + attachment & 0xff);
    }
}
