/**
 * How workers become processes: the worker SPI, supervised threads in one process, child processes under a master, the host that
 * runs everything, health, control and footprint.
 *
 * <p>A module offers workers through {@link decnet.runtime.WorkerProvider}.
 */
@org.jspecify.annotations.NullMarked
module decnet.runtime {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires transitive decnet.bus;

    exports decnet.runtime;

    uses decnet.runtime.WorkerProvider;
}
