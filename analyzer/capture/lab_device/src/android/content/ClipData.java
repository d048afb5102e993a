package android.content;

public class ClipData {
    private final CharSequence label;
    private final Item item;

    public static class Item {
        private final CharSequence text;

        public Item(CharSequence text) {
            this.text = text;
        }

        public CharSequence getText() {
            return text;
        }

        public CharSequence coerceToText(Context context) {
            return text;
        }
    }

    ClipData(CharSequence label, Item item) {
        this.label = label;
        this.item = item;
    }

    public static ClipData newPlainText(CharSequence label, CharSequence text) {
        return new ClipData(label, new Item(text));
    }

    public int getItemCount() {
        return 1;
    }

    public Item getItemAt(int index) {
        if (index != 0) {
            throw new IndexOutOfBoundsException("Index: " + index + ", Size: 1");
        }
        return item;
    }

    @Override
    public String toString() {
        return "ClipData { text/plain \"" + (label == null ? "" : label) + "\" {T:" + item.text + "} }";
    }
}
