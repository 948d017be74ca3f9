package decnet.workers.edge;

/**
 * What all connections of one sensor share, held by each of them until it is closed.
 *
 * @param leave called once by {@link #close}
 */
record SensorRoom(SensorJournal journal, WantedBlobs wanted, Runnable leave) implements AutoCloseable {
    @Override
    public void close() {
        leave.run();
    }
}
