/**
 * What every process shares: identities, the event envelope and its RFC 5424 line, configuration, counters, JSON, and the SPI
 * through which a module offers commands.
 *
 * <p>Start at {@link decnet.core.Event} and {@link decnet.core.Config}. No input or output beyond files.
 */
@org.jspecify.annotations.NullMarked
module decnet.core {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.databind;

    exports decnet.core;
}
