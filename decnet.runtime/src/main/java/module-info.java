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
    requires info.picocli;
    requires io.netty.transport.classes.epoll; // datagrams to the service manager
    requires io.netty.transport.unix.common;
    requires jdk.jfr;
    requires jdk.management; // processor time and allocation by thread; brings java.management, nothing else
    requires org.slf4j;
    requires org.slf4j.jdk.platform.logging; // System.Logger to SLF4J; nothing in the code names it

    exports decnet.runtime;

    opens decnet.runtime.command to
            info.picocli;

    uses decnet.runtime.WorkerProvider;

    provides decnet.runtime.WorkerProvider with
            decnet.runtime.BrokerWorker.Provider;
    provides decnet.core.CommandProvider with
            decnet.runtime.command.RuntimeCommands;
    provides decnet.core.ConfigSchema with
            decnet.runtime.HostConfig.Schema,
            decnet.runtime.WorkerConfig.Schema,
            decnet.runtime.MetricsConfig.Schema;
    provides org.slf4j.spi.SLF4JServiceProvider with
            decnet.runtime.log.LineLogProvider;
}
