//! The stream of events that an application has set up for itself, at the page of its client (SSF 1.0).

use axum::http::StatusCode;
use chamberlain::db::transact;
use chamberlain::directory::client;
use chamberlain::kernel::secret::Token;
use chamberlain::signals::stream::manage::{self, Delivery, StreamError, Wanted};
use chamberlain::tokens::Kek;

use super::browser::{Form, selector};
use super::town::Town;

on_both! {
    /// An operator lets a client have a stream, sees how it is delivered, pauses it, lets it go on and deletes it; the header of the
    /// client stands on no page.
    async fn an_operator_sees_a_stream_pauses_and_deletes_it(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let address = format!("{link}/stream");
        assert!(!olga.get(&link).await.has("#stream[checked]"));
        assert_eq!(olga.get(&address).await.status, StatusCode::NOT_FOUND);
        let form: Form = olga.get(&link).await.form(&link).set("stream", "on");
        let page = olga.submit_and_follow(&form).await;
        assert!(page.has("input[name=stream][checked]"), "{}", page.text);
        let (db, ctx) = (&town.world.db, town.world.ctx());
        let kek = Kek::generate(&town.world.entropy);
        let made: Result<_, StreamError> = transact!(*db, tx => {
            let imas = client::store::find_by_client_id(tx, "imas").await?.unwrap();
            assert!(imas.settings.may_stream());
            let header = Some(Token::from_text("Bearer tell-nobody"));
            let delivery = Delivery::Push("https://imas.example/events".to_owned(), header);
            let wanted = Wanted { delivery, requested: Some(None), description: Some(Some("<b>IMAS</b>".to_owned())) };
            manage::create(tx, &imas, &wanted, &kek, &ctx).await
        });
        made.unwrap();
        let page = olga.get(&link).await;
        assert!(page.text.contains("By push to") && page.text.contains("https://imas.example/events"), "{}", page.text);
        assert!(!page.text.contains("tell-nobody") && !page.text.contains("<b>IMAS</b>"));
        crate::portal::pages::check(&page);
        let form = page.form(&address);
        assert_eq!(olga.submit(&form.clone().set("do", "nonsense")).await.status, StatusCode::BAD_REQUEST);
        let page = olga.submit_and_follow(&form.clone().set("do", "pause")).await;
        assert!(page.text.contains("Paused: events wait"), "{}", page.text);
        // The client is told of it, and the operator sees that.
        assert!(page.text.contains("Status of the stream"));
        assert!(olga.submit_and_follow(&form.set("do", "enable")).await.text.contains("Delivers"));
        let asking = olga.get(&address).await;
        crate::portal::pages::check(&asking);
        let page = olga.submit_and_follow(&asking.form(&address)).await;
        assert_eq!(page.html().select(&selector(&format!("form[action='{address}']"))).count(), 0);
        let (_, _, fred) = town.staff().await;
        let mut fred = town.signed_in(fred).await;
        assert!(fred.get(&address).await.status.is_client_error());
    }
}
