package java.net;

import java.util.Objects;

/** One address of a simulated network interface. */
public class InterfaceAddress {
    private final InetAddress address;
    private final Inet4Address broadcast;
    private final short maskLength;

    InterfaceAddress(InetAddress address, Inet4Address broadcast, int maskLength) {
        this.address = address;
        this.broadcast = broadcast;
        this.maskLength = (short) maskLength;
    }

    public InetAddress getAddress() {
        return address;
    }

    public InetAddress getBroadcast() {
        return broadcast;
    }

    public short getNetworkPrefixLength() {
        return maskLength;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof InterfaceAddress)) {
            return false;
        }
        InterfaceAddress that = (InterfaceAddress) other;
        return Objects.equals(address, that.address) && Objects.equals(broadcast, that.broadcast) && maskLength == that.maskLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, broadcast, maskLength);
    }

    @Override
    public String toString() {
        return address + "/" + maskLength + " [" + broadcast + "]";
    }
}
