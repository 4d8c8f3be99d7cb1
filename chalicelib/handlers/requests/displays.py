"""What the routes of displays take, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.requests.fields import NOT_A_PLACEHOLDER, Strict, Text

Needed = Annotated[Text, NOT_A_PLACEHOLDER]


class Permit(Strict):
    """A permit that is shown with the licence, such as 食品经营许可证."""

    name: Needed = Field(min_length=1, description="许可证名称")
    number: Needed = Field(min_length=1, description="许可证编号")
    authority: Text | None = Field(None, description="发证机关")
    valid_until: Text | None = Field(None, description="YYYY-MM-DD or 长期")
    url: Text | None = Field(None, description="https only")


class ShopLink(Strict):
    """A shop of the merchant; the watch looks there for the mark."""

    name: Needed = Field(min_length=1, description="店铺名称")
    url: Text = Field(min_length=1, description="https only")


class DisplayContent(Strict):
    """What a platform puts beside the licence; on a change, what is not given is taken out."""

    shop_name: Text | None = Field(None, description="店铺名称")
    permits: list[Permit] | None = Field(None, max_length=20)
    shop_links: list[ShopLink] | None = Field(None, max_length=20)
    rules_url: Text | None = Field(None, description="the platform's rules (亮规则), https only")
    over_limit: bool | None = Field(
        None, description="over 100,000 CNY a year (Order 37 article 8); for the identity report, never shown"
    )


class NewDisplay(DisplayContent):
    """A display of a verified licence (`uscc`), or of a seller who needs no registration (`declaration`)."""

    uscc: Text | None = Field(None, description="of a verified licence")
    declaration: Literal["farm_produce", "handicraft", "labour_service", "small_amounts"] | None = None
    shop_id: Text | None = Field(None, description="the platform's own id of the shop; one display for each")


class Reason(Strict):
    """Why a display is suspended or deleted; kept, never shown to the public."""

    why: Needed = Field(min_length=1)


class IdentityReport(Strict):
    """The half-yearly report of identity data (Order 37, article 25)."""

    again: bool = Field(False, description="make it anew although it is there")
