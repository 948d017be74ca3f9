package decnet.topology;

import java.util.Locale;

/** How machines get onto a network. */
public enum Driver {
    /** Each has an address of this host's loopback: needs no rights, and nobody else can reach it. */
    LOOPBACK,
    /** Each has a network of its own on an interface of this host: needs root and {@code netd}. */
    NETNS;

    /** As in a fleet file. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
