package decnet.decoys.shell;

/** Addresses a visitor sees inside the machine. Stateless. */
final class Addresses {
    private Addresses() {}

    static String own(ShellState shell) {
        return shell.persona.site().address();
    }

    static String gateway(ShellState shell) {
        return shell.persona.site().gateway();
    }

    static String broadcast(ShellState shell) {
        return shell.persona.site().network() + 255;
    }

    static String subnet(ShellState shell) {
        return shell.persona.site().network() + 0;
    }

    static String device(ShellState shell) {
        return shell.ash() ? "eth0" : shell.persona.hardware().maker().startsWith("VMware") ? "ens192" : "eno1";
    }
}
