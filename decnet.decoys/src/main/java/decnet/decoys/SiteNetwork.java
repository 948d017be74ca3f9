package decnet.decoys;

import decnet.topology.Persona;
import java.util.SplittableRandom;

/** The private network a machine believes to be in: the same in every command, log and page. Immutable. */
public record SiteNetwork(String prefix, int own, int neighbour) {
    public static SiteNetwork of(Persona persona) {
        SplittableRandom random = new SplittableRandom(persona.seed() ^ 0x6e6574L);
        return new SiteNetwork(
                "10." + random.nextInt(8, 230) + "." + random.nextInt(0, 64) + ".",
                20 + Math.floorMod(persona.seed() >> 8, 200),
                5 + Math.floorMod(persona.seed() >> 16, 14));
    }

    public String address() {
        return prefix + own;
    }

    public String gateway() {
        return prefix + 1;
    }

    public String broadcast() {
        return prefix + 255;
    }

    public String subnet() {
        return prefix + 0;
    }

    /** Another machine of the site. */
    public String other() {
        return prefix + neighbour;
    }

    /** Where the user of that number sits. */
    public String desk(int number) {
        return prefix + (220 + Math.floorMod(number * 7 + neighbour, 30));
    }
}
