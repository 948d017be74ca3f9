package decnet.decoys;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sorts what arrives on a UDP port by who sent it; each sender has a connection that ends after a short silence. */
final class DatagramListener extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final int MAX_WAITING = 16;
    /** Senders can be made up: those of one port must not take the places of everybody else. */
    private static final int MAX_PEERS = 512;

    private final Engine engine;
    private final Endpoint endpoint;
    /** The one that was heard longest ago comes first. */
    private final Map<InetSocketAddress, DatagramCarrier> peers = new LinkedHashMap<>(16, 0.75f, true);

    DatagramListener(Engine engine, Endpoint endpoint) {
        this.engine = engine;
        this.endpoint = endpoint;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        InetSocketAddress sender = packet.sender();
        DatagramCarrier carrier = peers.get(sender);
        if (carrier == null) {
            if (peers.size() >= MAX_PEERS) {
                peers.values().iterator().next().close();
                engine.counters().increment(DecoysCounter.DATAGRAM_PEERS_FORGOTTEN);
            }
            var accepted = engine.accept(
                    endpoint,
                    sender,
                    packet.recipient(),
                    opener -> new DatagramCarrier(engine, this, context.channel(), sender, opener));
            if (accepted.isEmpty()) {
                return;
            }
            carrier = accepted.get();
            peers.put(sender, carrier);
            carrier.connection().start();
        }
        ByteBuf buffer = packet.content();
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        if (carrier.connection().waiting() < MAX_WAITING) {
            carrier.arrived(ByteBuffer.wrap(bytes));
        } else {
            engine.counters().increment(DecoysCounter.DATAGRAMS_DROPPED);
        }
    }

    void forget(InetSocketAddress peer) {
        peers.remove(peer);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // an ICMP error of an earlier answer: the next datagram is another matter
        engine.counters().increment(DecoysCounter.DATAGRAMS_DROPPED);
    }
}
