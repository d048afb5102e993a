package android.app;

import android.content.Context;
import android.content.DialogInterface;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;

public class AlertDialog extends Dialog implements DialogInterface {
    private final Button[] buttons = new Button[3];
    private final OnClickListener[] listeners = new OnClickListener[3];
    private final CharSequence[] labels = new CharSequence[3];
    private CharSequence title;
    private CharSequence message;
    private View view;
    private View customTitle;

    protected AlertDialog(Context context) {
        super(context);
    }

    public Button getButton(int whichButton) {
        return buttons[-1 - whichButton];
    }

    @Override
    public void setTitle(CharSequence title) {
        this.title = title;
        super.setTitle(title);
    }

    public void setMessage(CharSequence message) {
        this.message = message;
    }

    public void setView(View view) {
        this.view = view;
    }

    public void setCustomTitle(View customTitleView) {
        customTitle = customTitleView;
    }

    public void setButton(int whichButton, CharSequence text, OnClickListener listener) {
        labels[-1 - whichButton] = text;
        listeners[-1 - whichButton] = listener;
    }

    @Override
    protected void onCreate(android.os.Bundle savedInstanceState) {
        LinearLayout content = column();
        if (customTitle != null) {
            content.addView(customTitle);
        } else if (title != null) {
            TextView heading = text(title, android.R.id.title);
            heading.setTextSize(18);
            content.addView(heading);
        }
        if (message != null) {
            ScrollView scroll = new ScrollView(getContext());
            scroll.addView(text(message, android.R.id.message));
            content.addView(scroll);
        }
        if (view != null) {
            content.addView(view);
        }
        addButtons(content);
        setContentView(content);
    }

    private void addButtons(LinearLayout content) {
        LinearLayout row = new LinearLayout(getContext());
        for (int i : new int[] {2, 1, 0}) {
            if (labels[i] == null) {
                continue;
            }
            int which = -1 - i;
            buttons[i] = new Button(getContext());
            buttons[i].setId(android.R.id.button1 + i);
            buttons[i].setText(labels[i]);
            OnClickListener listener = listeners[i];
            buttons[i].setOnClickListener(clicked -> {
                if (listener != null) {
                    listener.onClick(this, which);
                }
                dismiss();
            });
            row.addView(buttons[i]);
        }
        if (row.getChildCount() > 0) {
            content.addView(row);
        }
    }

    private LinearLayout column() {
        LinearLayout column = new LinearLayout(getContext());
        column.setOrientation(LinearLayout.VERTICAL);
        return column;
    }

    private TextView text(CharSequence words, int id) {
        TextView text = new TextView(getContext());
        text.setId(id);
        text.setText(words);
        return text;
    }

    public static class Builder {
        private final AlertDialog dialog;

        public Builder(Context context) {
            dialog = new AlertDialog(context);
        }

        public Context getContext() {
            return dialog.getContext();
        }

        public Builder setTitle(CharSequence title) {
            dialog.setTitle(title);
            return this;
        }

        public Builder setCustomTitle(View customTitleView) {
            dialog.setCustomTitle(customTitleView);
            return this;
        }

        public Builder setMessage(CharSequence message) {
            dialog.setMessage(message);
            return this;
        }

        public Builder setView(View view) {
            dialog.setView(view);
            return this;
        }

        public Builder setCancelable(boolean cancelable) {
            dialog.setCancelable(cancelable);
            return this;
        }

        public Builder setPositiveButton(CharSequence text, OnClickListener listener) {
            dialog.setButton(BUTTON_POSITIVE, text, listener);
            return this;
        }

        public Builder setNegativeButton(CharSequence text, OnClickListener listener) {
            dialog.setButton(BUTTON_NEGATIVE, text, listener);
            return this;
        }

        public Builder setNeutralButton(CharSequence text, OnClickListener listener) {
            dialog.setButton(BUTTON_NEUTRAL, text, listener);
            return this;
        }

        public Builder setOnCancelListener(OnCancelListener onCancelListener) {
            dialog.setOnCancelListener(onCancelListener);
            return this;
        }

        public Builder setOnDismissListener(OnDismissListener onDismissListener) {
            dialog.setOnDismissListener(onDismissListener);
            return this;
        }

        public AlertDialog create() {
            return dialog;
        }

        public AlertDialog show() {
            dialog.show();
            return dialog;
        }
    }
}
