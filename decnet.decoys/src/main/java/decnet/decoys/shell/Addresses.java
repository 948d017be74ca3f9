package decnet.decoys.shell;

import decnet.decoys.SiteNetwork;

/** Addresses a visitor sees inside the machine. Stateless. */
final class Addresses {
    private Addresses() {}

    private static SiteNetwork network(ShellState shell) {
        return SiteNetwork.of(shell.persona);
    }

    static String own(ShellState shell) {
        return network(shell).address();
    }

    static String gateway(ShellState shell) {
        return network(shell).gateway();
    }

    static String broadcast(ShellState shell) {
        return network(shell).broadcast();
    }

    static String subnet(ShellState shell) {
        return network(shell).subnet();
    }

    static String device(ShellState shell) {
        return shell.ash() ? "eth0" : shell.persona.hardware().maker().startsWith("VMware") ? "ens192" : "eno1";
    }
}
