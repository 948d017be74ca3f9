package decnet.decoys.ssh;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.sshd.common.random.Random;

/** Random numbers for one connection, which can be told to give zeros: padding of plain packets is zero in OpenSSH. */
final class Chance implements Random {
    private final RandomGenerator source;
    private boolean zero;

    Chance(RandomGenerator source) {
        this.source = source;
    }

    void zero(boolean on) {
        zero = on;
    }

    @Override
    public String getName() {
        return "engine";
    }

    @Override
    public void fill(byte[] bytes, int start, int length) {
        if (zero) {
            Arrays.fill(bytes, start, start + length, (byte) 0);
            return;
        }
        byte[] drawn = new byte[length];
        source.nextBytes(drawn);
        System.arraycopy(drawn, 0, bytes, start, length);
    }

    @Override
    public int random(int bound) {
        return source.nextInt(bound);
    }
}
