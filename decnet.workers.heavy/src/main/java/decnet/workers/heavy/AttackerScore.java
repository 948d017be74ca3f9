package decnet.workers.heavy;

import decnet.db.AttackerRow;

/**
 * How much an address deserves attention, 0 to 100. Nobody has a reason to touch a decky, so touching one is 10; the rest says how far
 * he went: guessing passwords up to 20, typing commands up to 30, leaving files up to 20, several machines up to 12, several services
 * up to 8. Each part grows with the logarithm, so that volume alone does not outweigh depth.
 */
final class AttackerScore {
    private AttackerScore() {}

    static int of(AttackerRow row) {
        double score = 10
                + part((double) row.credentials(), 20, 64)
                + part((double) row.commands(), 30, 32)
                + part((double) row.uploads(), 20, 4)
                + part(row.deckies().size() - 1.0, 12, 7)
                + part(row.services().size() - 1.0, 8, 3);
        return (int) Math.min(100, Math.round(score));
    }

    /** {@code most} at {@code full} and beyond, 0 at 0. */
    private static double part(double count, double most, double full) {
        return count <= 0 ? 0 : Math.min(most, most * Math.log1p(count) / Math.log1p(full));
    }
}
