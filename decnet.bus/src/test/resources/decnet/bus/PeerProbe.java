import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Run as another user: sends the second argument to the socket named by the first, prints all that comes until PONG or the end. */
public class PeerProbe {
    public static void main(String[] args) throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
            channel.write(ByteBuffer.wrap(args[1].replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
            ByteBuffer in = ByteBuffer.allocate(65_536);
            String text = "";
            while (!text.endsWith("PONG\r\n") && channel.read(in) >= 0) {
                text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            }
            System.out.println(text);
        } catch (java.io.IOException e) {
            System.out.println("ended: " + e);
        }
    }
}
