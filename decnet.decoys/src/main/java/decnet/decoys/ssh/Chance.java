package decnet.decoys.ssh;

import java.util.random.RandomGenerator;
import org.apache.sshd.common.random.Random;

/** Random numbers for one connection. */
final class Chance implements Random {
    private final RandomGenerator source;

    Chance(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public String getName() {
        return "engine";
    }

    @Override
    public void fill(byte[] bytes, int start, int length) {
        byte[] drawn = new byte[length];
        source.nextBytes(drawn);
        System.arraycopy(drawn, 0, bytes, start, length);
    }

    @Override
    public int random(int bound) {
        return source.nextInt(bound);
    }
}
