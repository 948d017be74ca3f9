package decnet.decoys.shell;

import java.util.SplittableRandom;

/** Addresses a visitor sees inside the machine: those of a private network, the same in every command. Stateless. */
final class Addresses {
    private Addresses() {}

    private static String network(ShellState shell) {
        SplittableRandom random = new SplittableRandom(shell.persona.seed() ^ 0x6e6574L);
        return "10." + random.nextInt(8, 230) + "." + random.nextInt(0, 64) + ".";
    }

    static String own(ShellState shell) {
        return network(shell) + (20 + Math.floorMod(shell.persona.seed() >> 8, 200));
    }

    static String gateway(ShellState shell) {
        return network(shell) + "1";
    }

    static String broadcast(ShellState shell) {
        return network(shell) + "255";
    }

    static String subnet(ShellState shell) {
        return network(shell) + "0";
    }

    static String neighbour(ShellState shell) {
        return network(shell) + (5 + Math.floorMod(shell.persona.seed() >> 16, 14));
    }

    static String device(ShellState shell) {
        return shell.ash() ? "eth0" : shell.persona.hardware().maker().startsWith("VMware") ? "ens192" : "eno1";
    }
}
