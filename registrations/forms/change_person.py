"""Finding a contact by e-mail, and the new e-mail and phone."""

from django import forms

from registrations.forms.fields import ExtensionField, MailField, PhoneField
from registrations.forms.register import INPUT_ATTRIBUTES
from registrations.policy.contact_plans import Values


class FindPersonForm(forms.Form):
    """The e-mail that a person has now."""

    email = MailField(length=254, label="E-mail of the contact")

    use_required_attribute = False

    def clean_email(self) -> str:
        """An address; nothing can't be looked for."""
        email = str(self.cleaned_data["email"])
        if not email:
            raise forms.ValidationError("Enter the e-mail that the contact has now.")
        return email


class NewValuesForm(forms.Form):
    """What is new; what is left empty stays."""

    email = MailField(length=254, label="New e-mail", required=False)
    phone = PhoneField(length=30, label="New phone", required=False)
    extension = ExtensionField(length=10, label="New extension", required=False)

    use_required_attribute = False
    prefix = "new"

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        for name in self.fields:
            self.fields[name].widget.attrs.update(INPUT_ATTRIBUTES[name])

    def clean(self) -> None:
        """Something has to be new."""
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("email", "Enter a new e-mail, a new phone, or both.")

    @property
    def values(self) -> Values:
        """The new values, once valid: an extension belongs to its phone."""
        new = {name: value for name, value in self.cleaned_data.items() if value}
        return {**new, "extension": new.get("extension", "")} if "phone" in new else new
